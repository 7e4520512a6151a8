import type { ReactNode } from 'react';

// kube-proxy's chains and the kernel's own: what a machine would print is mono (LOOKS.md)
const chainName = /^(KUBE-[A-Z0-9-]+|PREROUTING|POSTROUTING|FORWARD|INPUT|OUTPUT)(?= )/;

/** A step's title with a chain's name in mono; the hash of a long one is cut, its whole is in the rule's text. */
export function TitleWords({ text }: { readonly text: string }): ReactNode {
  const chain = chainName.exec(text)?.[0];
  if (chain === undefined) return text;
  return <><code>{chain.length > 16 ? `${chain.slice(0, 15)}…` : chain}</code>{text.slice(chain.length)}</>;
}
