import type { ReactNode } from 'react';
import { splitGenerated } from '../state/places.ts';

// kube-proxy's chains and the kernel's own: what a machine would print is mono (LOOKS.md)
const chainName = /^((KUBE|PODHOP)-[A-Z0-9-]+|PREROUTING|POSTROUTING|FORWARD|INPUT|OUTPUT)(?= )/;
const chainShown = 15;

/** A step's title with a chain's name in mono; the hash of a long one is cut for the eye only. */
export function TitleWords({ text }: { readonly text: string }): ReactNode {
  const chain = chainName.exec(text)?.[0];
  if (chain === undefined) return text;
  const rest = chain.length > chainShown + 1 ? chain.slice(chainShown) : '';
  return <><code>{chain.slice(0, chain.length - rest.length)}{rest !== '' && <span className="cut">{rest}</span>}</code>{text.slice(chain.length)}</>;
}

/** A place's name; a generated pod name loses its template hash for the eye only: copied, searched and read aloud it is whole. */
export function PlaceName({ name }: { readonly name: string }): ReactNode {
  const parts = splitGenerated(name);
  if (parts === null) return name;
  return <>{parts[0]}<span className="cut">{parts[1]}</span>{parts[2]}</>;
}
