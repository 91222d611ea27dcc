import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Navigation } from "../model/navigation";
import type { ServiceColors } from "../model/service-colors";
import type { ThemeChoice } from "../model/theme";

/** The owners of state that outlives a page. */
export interface Owners {
  readonly navigation: Navigation;
  readonly theme: ThemeChoice;
  readonly colors: ServiceColors;
}

export const OwnersContext = createContext<Owners | undefined>(undefined);

export function useOwners(): Owners {
  const owners = useContext(OwnersContext);
  if (!owners) throw new Error("A view was rendered outside App.");
  return owners;
}
