import type { OtlpResource } from "../api/otlp";

/** The name a resource goes by: its service.name, or a stand-in that says what is wrong with it. Searches know it by the same stand-in. */
export function serviceName(resource: OtlpResource): string {
  const attribute = resource.attributes?.find(({ key }) => key === "service.name");
  if (!attribute) return "missing-service-name";
  const name = attribute.value?.stringValue;
  return name === undefined ? "service-name-wrong-type" : name || "empty-service-name";
}
