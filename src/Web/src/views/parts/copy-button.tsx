import { useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon } from "./icons";
import type { ComponentChildren } from "preact";

interface CopyButtonProps {
  /** The text, or how to make it when that is work. */
  readonly text: string | (() => string);
  /** What is copied, as in “Copy trace id”. */
  readonly what: string;
  readonly children?: ComponentChildren;
  readonly icon?: () => ComponentChildren;
}

export function CopyButton({ text, what, children, icon: Icon = CopyIcon }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (event: MouseEvent) => {
    event.stopPropagation();
    setCopied(await copyText(typeof text === "string" ? text : text()));
  };
  return (
    <button type="button" class={children ? "button" : "icon-button"} data-testid="copy-button" data-copied={copied}
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`} title={`Copy ${what}`} onClick={copy}>
      {copied ? <CheckIcon /> : <Icon />}
      {children && <span>{copied ? "Copied" : children}</span>}
    </button>
  );
}

/** Copies also on plain-HTTP addresses other than localhost, where browsers withhold the clipboard API. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Permission refused: the older way below may still be allowed.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "off-screen";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
