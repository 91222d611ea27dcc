import type { OtlpEvent } from "../../api/otlp";
import { formatMoment } from "../../base/calendar";
import { formatDuration, readNanos, type Nanos } from "../../base/nanos";
import { findText } from "../../model/attribute-values";
import { CopyButton } from "../parts/copy-button";
import { AttributeTable } from "./attribute-table";

const stackTraceKey = "exception.stacktrace";

/** A span's events, with their time after the span's start. */
export function EventList({ events, spanStart }: { readonly events: readonly OtlpEvent[]; readonly spanStart: Nanos }) {
  return (
    <ol class="events">
      {events.map((event, index) => {
        const at = readNanos(event.timeUnixNano);
        const stackTrace = findText(event.attributes, stackTraceKey);
        return (
          <li key={index} class="event" data-testid="event" data-exception={event.name === "exception"}>
            <p class="event-head">
              <span class="event-name">{event.name || "(no name)"}</span>
              {at !== 0n && <span class="quiet number" title={formatMoment(at)}>{at >= spanStart ? "+" : ""}{formatDuration(at - spanStart)}</span>}
              {(event.droppedAttributesCount ?? 0) > 0 && <span class="dropped">{event.droppedAttributesCount} attributes dropped</span>}
            </p>
            <AttributeTable attributes={event.attributes?.filter(({ key }) => key !== stackTraceKey || stackTrace === undefined)} />
            {stackTrace !== undefined && (
              <div class="stack-trace">
                <CopyButton text={stackTrace} what="stack trace" />
                <pre>{stackTrace}</pre>
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
