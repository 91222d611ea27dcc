import type { OtlpLink } from "../../api/otlp";
import { normalizeTraceId, writeRoute } from "../../model/route";
import { CopyButton } from "../parts/copy-button";
import { LinkIcon } from "../parts/icons";
import { AttributeTable } from "./attribute-table";

/** A span's links to spans of this or other traces. */
export function LinkList({ links, traceId }: { readonly links: readonly OtlpLink[]; readonly traceId: string }) {
  return (
    <ol class="links">
      {links.map((link, index) => {
        const target = normalizeTraceId(link.traceId ?? "");
        const span = link.spanId && { spanId: link.spanId, occurrence: 1 };
        return (
          <li key={index} data-testid="span-link">
            <p class="row">
              <a class="mono" href={writeRoute({ page: "trace", traceId: target, ...(span && { span }) })} title={`Trace ${target}, span ${link.spanId ?? ""}`}>
                <LinkIcon /> {target === traceId ? "this trace" : `${target.slice(0, 8)}…`} # {link.spanId}
              </a>
              <CopyButton text={target} what="linked trace id" />
              {(link.droppedAttributesCount ?? 0) > 0 && <span class="dropped">{link.droppedAttributesCount} attributes dropped</span>}
            </p>
            <AttributeTable attributes={link.attributes} />
            {link.traceState && <p class="quiet mono">{link.traceState}</p>}
          </li>
        );
      })}
    </ol>
  );
}
