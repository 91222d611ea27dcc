export type Theme = "light" | "dark";

const storageKey = "clew.theme";

/** Owns the choice between light and dark: the system's until the reader chooses, then theirs, remembered in this browser. */
export class ThemeChoice {
  #chosen: Theme | undefined;
  readonly #system: MediaQueryList;
  readonly #listeners = new Set<() => void>();

  constructor(readonly window: Window) {
    this.#system = window.matchMedia("(prefers-color-scheme: dark)");
    this.#chosen = this.#recall();
    this.#system.addEventListener("change", this.#apply);
    this.#apply();
  }

  get current(): Theme {
    return this.#chosen ?? (this.#system.matches ? "dark" : "light");
  }

  toggle(): void {
    this.#chosen = this.current === "dark" ? "light" : "dark";
    try {
      this.window.localStorage.setItem(storageKey, this.#chosen);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    this.#apply();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #recall(): Theme | undefined {
    try {
      const stored = this.window.localStorage.getItem(storageKey);
      return stored === "light" || stored === "dark" ? stored : undefined;
    } catch {
      return undefined;
    }
  }

  readonly #apply = (): void => {
    this.window.document.documentElement.dataset["theme"] = this.current;
    for (const listener of this.#listeners) listener();
  };
}
