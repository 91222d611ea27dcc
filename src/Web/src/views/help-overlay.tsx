import { CloseIcon } from "./parts/icons";

const sections: readonly (readonly [title: string, keys: readonly (readonly [keys: string, effect: string])[]])[] = [
  ["Everywhere", [
    ["?", "This help"],
    ["g s", "Search"],
    ["t", "Light or dark"],
  ]],
  ["Search", [
    ["/", "Write a query"],
    ["j k", "Next, previous result"],
    ["Enter o", "Open the trace"],
    ["r", "Refresh"],
  ]],
  ["Trace", [
    ["j k ↓ ↑", "Next, previous span"],
    ["Enter o", "Open the span’s details"],
    ["← →", "Collapse, expand"],
    ["Home End", "First, last span"],
    ["/", "Find in the trace"],
    ["n N", "Next, previous match"],
    ["e", "Next error"],
    ["+ −", "Zoom in, out around the span"],
    ["z", "Show the whole trace"],
    ["Esc", "Close details, clear find"],
  ]],
];

const dialogId = "help-overlay";

export function showHelp(): void {
  const dialog = document.getElementById(dialogId);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

export function HelpOverlay() {
  return (
    <dialog id={dialogId} class="help" data-testid="help-overlay" aria-labelledby="help-title"
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}>
      <form method="dialog">
        <header>
          <h2 id="help-title">Keyboard</h2>
          <button class="icon-button" aria-label="Close help"><CloseIcon /></button>
        </header>
        <div class="help-sections">
          {sections.map(([title, keys]) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>
                {keys.map(([names, effect]) => (
                  <div key={names}>
                    <dt>{names.split(" ").map((name) => <kbd key={name}>{name}</kbd>)}</dt>
                    <dd>{effect}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <p class="quiet">In the waterfall, drag on the ruler or the overview to zoom; Ctrl and the wheel zoom around the pointer.</p>
      </form>
    </dialog>
  );
}
