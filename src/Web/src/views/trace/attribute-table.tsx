import { useState } from "preact/hooks";
import type { OtlpAnyValue, OtlpKeyValue } from "../../api/otlp";
import { bytesAsHex, describeValue } from "../../model/attribute-values";
import { CopyButton } from "../parts/copy-button";

/** Attributes in the order in which they were sent. */
export function AttributeTable({ attributes }: { readonly attributes: readonly OtlpKeyValue[] | undefined }) {
  if (!attributes || attributes.length === 0) return null;
  return (
    <table class="attributes" data-testid="attribute-table">
      <tbody>
        {attributes.map(({ key = "", value }, index) => (
          <tr key={`${index} ${key}`} data-testid="attribute-row" data-key={key}>
            <th scope="row">{key}</th>
            <td><Value value={value} /></td>
            <td class="attribute-copy"><CopyButton text={() => describeValue(value).text} what={`value of ${key}`} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Longer values are cut until asked for. */
const charactersMax = 240;
const linesMax = 6;

function Value({ value }: { readonly value: OtlpAnyValue | undefined }) {
  const { type, text } = describeValue(value);
  if (type === "empty") return <em class="quiet">empty value</em>;
  if (type === "bytes") return <Bytes base64={text} />;
  if (type === "string" && text === "") return <span class="quiet" title="An empty string">""</span>;
  return <LongText text={text} type={type} />;
}

function LongText({ text, type }: { readonly text: string; readonly type: string }) {
  const [open, setOpen] = useState(false);
  const cut = shorten(text);
  return (
    <span class="value" data-type={type} title={type}>
      {open ? text : cut}
      {cut !== text && (
        <button type="button" class="link more" data-testid="expand-value" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Show less" : `… Show all ${text.length.toLocaleString("en")} characters`}
        </button>
      )}
    </span>
  );
}

function Bytes({ base64 }: { readonly base64: string }) {
  const [asHex, setAsHex] = useState(true);
  const bytes = bytesAsHex(base64);
  if (!bytes) return <LongText text={base64} type="bytes" />;
  return (
    <span class="value" data-type="bytes">
      <LongText text={asHex ? bytes.hex : base64} type="bytes" />
      <button type="button" class="link more" onClick={() => setAsHex(!asHex)}>{bytes.count} {bytes.count === 1 ? "byte" : "bytes"}, {asHex ? "hex" : "base64"}</button>
    </span>
  );
}

function shorten(text: string): string {
  const lines = text.split("\n", linesMax + 1);
  const few = lines.length > linesMax ? lines.slice(0, linesMax).join("\n") : text;
  // A little over the limit is shown: “… Show all 245 characters” would take as much room.
  return few.length > charactersMax + 40 ? few.slice(0, charactersMax) : few;
}
