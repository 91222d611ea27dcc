import { useRef, useState } from "preact/hooks";
import { findTraceId, type Route } from "../model/route";
import { showHelp } from "./help-overlay";
import { useSubscription } from "./hooks";
import { useOwners } from "./owners";
import { KeyboardIcon, Mark, MoonIcon, SearchIcon, SunIcon } from "./parts/icons";

export function Header({ route }: { readonly route: Route }) {
  const { theme } = useOwners();
  const current = useSubscription(theme, () => theme.current);
  const other = current === "dark" ? "light" : "dark";
  return (
    <header class="header">
      <a class="brand" href="/search" aria-label="Clew, search traces"><Mark /><span>Clew</span></a>
      <nav aria-label="Pages">
        <a href="/search" data-testid="nav-search" aria-current={route.page === "search" ? "page" : undefined}>Search</a>
      </nav>
      <TraceIdBox />
      <button type="button" class="icon-button" data-testid="help-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={showHelp}>
        <KeyboardIcon />
      </button>
      <button type="button" class="icon-button" data-testid="theme-toggle" aria-label={`Switch to ${other} theme`} title={`Switch to ${other} theme (t)`}
        onClick={() => theme.toggle()}>
        {current === "dark" ? <SunIcon /> : <MoonIcon />}
      </button>
    </header>
  );
}

function TraceIdBox() {
  const { navigation } = useOwners();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const open = (event: Event) => {
    event.preventDefault();
    const traceId = findTraceId(text);
    setWrong(!traceId && text.trim() !== "");
    if (!traceId) return;
    setText("");
    // Keys typed next are meant for the trace.
    box.current?.blur();
    navigation.go({ page: "trace", traceId });
  };
  return (
    <form class="trace-id-box" role="search" onSubmit={open}>
      <SearchIcon />
      <input ref={box} data-testid="trace-id-input" aria-label="Open a trace by its id" placeholder="Open trace id or traceparent" spellcheck={false} autocomplete="off"
        value={text} aria-invalid={wrong} onInput={(event) => { setText(event.currentTarget.value); setWrong(false); }} />
      {wrong && <span class="field-problem floating" role="alert" data-testid="trace-id-problem">A trace id has 32 hexadecimal digits.</span>}
    </form>
  );
}
