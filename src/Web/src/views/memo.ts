import { Component, type ComponentChild, type ComponentConstructor } from "preact";

/** A component that is drawn again only when `same` says its properties differ. (Preact itself has this only in preact/compat.) */
export function memo<P extends object>(draw: (props: P) => ComponentChild, same: (before: P, after: P) => boolean): ComponentConstructor<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props as P, next);
    }

    override render(props: P): ComponentChild {
      return draw(props);
    }
  };
}
