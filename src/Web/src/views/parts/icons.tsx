import type { ComponentChildren } from "preact";

function icon(children: ComponentChildren) {
  return () => (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{children}</svg>
  );
}

export const SearchIcon = icon(<><circle cx="7" cy="7" r="4.25" /><path d="m10.25 10.25 3 3" /></>);
export const CopyIcon = icon(<><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 5.500v-1.500a1.5 1.5 0 0 0-1.5-1.500h-5a1.5 1.5 0 0 0-1.5 1.500v5a1.5 1.5 0 0 0 1.5 1.500h1.5" /></>);
export const CheckIcon = icon(<path d="m3 8.5 3.25 3.25 6.75-7.25" />);
export const LinkIcon = icon(<><path d="M6.75 9.250a2.75 2.75 0 0 0 3.9 0l2.1-2.100a2.75 2.75 0 0 0-3.9-3.900l-.8.8" /><path d="M9.25 6.750a2.75 2.75 0 0 0-3.9 0l-2.1 2.100a2.75 2.75 0 0 0 3.9 3.900l.8-.8" /></>);
export const DownloadIcon = icon(<path d="M8 2.500v7.500m-3-3 3 3 3-3M3 13.250h10" />);
export const CloseIcon = icon(<path d="m4 4 8 8m0-8-8 8" />);
export const ErrorIcon = icon(<><circle cx="8" cy="8" r="6" /><path d="M8 4.900v3.600m0 2.500v.05" /></>);
export const WarningIcon = icon(<><path d="M8 2.25 14.25 13H1.750Z" /><path d="M8 6.500v3m0 1.750v.05" /></>);
export const RefreshIcon = icon(<><path d="M13.25 8a5.25 5.25 0 1 1-1.6-3.77" /><path d="M13.5 2.250v2.750h-2.75" /></>);
export const SunIcon = icon(<><circle cx="8" cy="8" r="2.75" /><path d="M8 1.750v1m0 10.500v1M1.75 8h1m10.5 0h1M3.6 3.600l.7.7m7.4 7.4.7.7m0-8.8-.7.7m-7.4 7.4-.7.7" /></>);
export const MoonIcon = icon(<path d="M13.25 9.400A5.6 5.6 0 0 1 6.6 2.750a5.6 5.6 0 1 0 6.65 6.650Z" />);
export const KeyboardIcon = icon(<><rect x="1.75" y="4" width="12.5" height="8" rx="1.5" /><path d="M4.5 6.500v.05m2.3-.05v.05m2.3-.05v.05m2.4-.05v.05M5 9.500h6" /></>);
export const ChevronIcon = icon(<path d="m6 4 4 4-4 4" />);
export const UpIcon = icon(<path d="m4 10 4-4 4 4" />);
export const DownIcon = icon(<path d="m4 6 4 4 4-4" />);
export const ExpandAllIcon = icon(<path d="m4.5 5.5 3.5-3.25 3.5 3.250m-7 5 3.5 3.25 3.5-3.25" />);
export const CollapseAllIcon = icon(<path d="m4.5 2.5 3.5 3.25 3.5-3.250m-7 11 3.5-3.25 3.5 3.25" />);
export const BackIcon = icon(<path d="M9.75 3.75 5.5 8l4.25 4.25" />);

/** The mark: a ball of thread, its end leading out. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="22" height="22" fill="none" stroke-width="1.9" stroke-linecap="round" aria-hidden="true">
      <circle class="mark-ball" cx="10.5" cy="10.5" r="7.6" />
      <path class="mark-thread" d="M4.3 8.400c3.3-2.9 9.3-2.9 12.5 0M3.2 12c4-3.1 10.8-2.8 14.5.5M5.5 15.800c2.8-1.8 6.7-1.6 9.3.3" />
      <path class="mark-ball" d="M13 17.700c2.3 2.7 5.8 3.3 8.6 1.4" />
    </svg>
  );
}
