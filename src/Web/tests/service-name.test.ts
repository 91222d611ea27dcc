import { expect, test } from "vitest";
import type { OtlpAnyValue, OtlpResource } from "../src/api/otlp";
import { serviceName } from "../src/model/service-name";

const named = (...values: OtlpAnyValue[]): OtlpResource =>
  ({ attributes: [{ key: "host.name", value: { stringValue: "h" } }, ...values.map((value) => ({ key: "service.name", value }))] });

// The names on the right are those that searches and the Jaeger API answer with.
test.each([
  [named({ stringValue: "shop" }), "shop"],
  [named({ stringValue: "shop" }, { stringValue: "again" }), "shop"],
  [named(), "missing-service-name"],
  [{}, "missing-service-name"],
  [named({ stringValue: "" }), "empty-service-name"],
  [named({ intValue: "7" }), "service-name-wrong-type"],
  [named({ arrayValue: { values: [{ stringValue: "shop" }] } }), "service-name-wrong-type"],
  [named({}), "service-name-wrong-type"],
  [{ attributes: [{ key: "service.name" }] }, "service-name-wrong-type"],
])("the resource %j is the service %s", (resource, name) => expect(serviceName(resource)).toBe(name));
