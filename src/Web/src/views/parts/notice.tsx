import type { ComponentChildren } from "preact";

interface NoticeProps {
  readonly testId: string;
  readonly title: string;
  readonly icon?: ComponentChildren;
  readonly alert?: boolean;
  readonly children?: ComponentChildren;
}

/** What fills a page that has nothing else to show: nothing there, nothing found, or something failed. */
export function Notice({ testId, title, icon, alert, children }: NoticeProps) {
  return (
    <section class="notice" data-testid={testId} role={alert ? "alert" : undefined}>
      {icon && <div class="notice-icon">{icon}</div>}
      <h2>{title}</h2>
      {children}
    </section>
  );
}
