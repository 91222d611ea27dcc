import { readRoute, writeRoute, type Route } from "./route";

/**
 * Owns the current route. The address bar is where it is kept: whatever is to be shared by link or undone by the back button
 * goes through here, and nothing else writes the history.
 */
export class Navigation {
  #route: Route;
  readonly #listeners = new Set<() => void>();

  constructor(readonly window: Window) {
    this.#route = readRoute(new URL(window.location.href));
    window.addEventListener("popstate", this.#read);
  }

  get route(): Route {
    return this.#route;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Goes to a route as a step that the back button undoes. */
  go(route: Route): void {
    this.window.history.pushState(null, "", writeRoute(route));
    this.#read();
  }

  /** Changes the current step in place: for moves too small to be worth undoing, such as from span to span. */
  refine(route: Route): void {
    this.window.history.replaceState(null, "", writeRoute(route));
    this.#read();
  }

  /** Follows a link of this site without loading the page anew; every other click is left to the browser. */
  readonly followLink = (click: MouseEvent): void => {
    if (click.defaultPrevented || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
    const anchor = (click.target as Element | null)?.closest?.("a");
    if (!anchor || anchor.target || anchor.hasAttribute("download") || anchor.origin !== this.window.location.origin) return;
    const route = readRoute(new URL(anchor.href));
    if (route.page === "unknown") return;
    click.preventDefault();
    this.go(route);
  };

  readonly #read = (): void => {
    this.#route = readRoute(new URL(this.window.location.href));
    for (const listener of this.#listeners) listener();
  };
}
