import { useEffect, useState } from 'react';
import type { RuleLine } from '../../shared/api/shapes.ts';
import { currentHost, useWorld } from '../state/use-world.ts';

/** What a node's kernel holds, as its tools print it; null while it is asked for. */
export interface NodeText { readonly links: readonly string[]; readonly routes: readonly RuleLine[]; readonly rules: readonly RuleLine[]; readonly nftables: boolean }

/** Asks the engine for the node's text whenever the cluster is another. */
export function useNodeText(node: string): NodeText | null {
  const edition = useWorld((w) => w.edition);
  const [text, setText] = useState<NodeText | null>(null);
  useEffect(() => {
    let here = true;
    const { engine } = currentHost();
    void Promise.all([engine.rules({ netns: node, format: 'ip-addr' }), engine.rules({ netns: node, format: 'ip-route' }), engine.rules({ netns: node, format: null })]).then(
      ([links, routes, rules]) => { if (here) setText({ links: links.lines.map((l) => l.text), routes: routes.lines, rules: rules.lines, nftables: rules.format === 'nft' }); },
      () => { if (here) setText({ links: [], routes: [], rules: [], nftables: false }); },
    );
    return () => { here = false; };
  }, [node, edition]);
  return text;
}
