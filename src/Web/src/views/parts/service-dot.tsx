import { useOwners } from "../owners";

/** The colour of a service as a CSS value. */
export function useServiceColor(): (service: string) => string {
  const { colors } = useOwners();
  return (service) => `var(--service-${colors.indexOf(service)})`;
}

export function ServiceDot({ service }: { readonly service: string }) {
  return <span class="service-dot" style={{ background: useServiceColor()(service) }} aria-hidden="true" />;
}
