import { useMemo, useState, type CSSProperties, type ReactNode } from 'react';
import type { SideAnswer } from '../../shared/api/analysis-contract.ts';
import type { Answer } from '../../shared/api/shapes.ts';
import { printFraction } from '../../shared/base/fraction.ts';
import { Menu } from '../shell/Menu.tsx';
import { Modal } from '../shell/Modal.tsx';
import { useLayout } from '../state/layout.ts';
import { colourOf, fateOf, type FateName } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import { alignHops, hopsToCompare, tellingBranches, type ComparedHop, type ComparedLine, type ComparedRow } from './align-hops.ts';
import { useCompare } from './use-compare.ts';
import './compare.css';

/** A verdict by colour, icon, line pattern and word. */
function FateLine({ name }: { readonly name: FateName }): ReactNode {
  const fate = fateOf(name);
  return (
    <span className="compare-fate" style={{ color: colourOf(fate.hue).ink, '--verdict': colourOf(fate.hue).line } as CSSProperties}>
      <svg width="34" height="4" aria-hidden="true"><line x1="0" y1="2" x2="34" y2="2" strokeWidth="3" strokeDasharray={fate.dash.join(' ')} /></svg>
      <Icon name={fate.icon} /><b>{fate.word}</b>
    </span>
  );
}

interface HeadProps { readonly side: SideAnswer; readonly word: string; readonly branch: number; readonly choose: (branch: number) => void }

function Head({ side, word, branch, choose }: HeadProps): ReactNode {
  const branches = side.answer?.journey.branches ?? [];
  const shown = branches[branch];
  const items = branches.map((one, i) => ({ id: String(i), text: fateOf(one.verdict).word, checked: i === branch, label: `${printFraction(one.odds)} ${fateOf(one.verdict).word}${one.endpoint === null ? '' : ` by ${one.endpoint.pod ?? one.endpoint.ip}`}`, run: () => choose(i) }));
  return (
    <th scope="col">
      <small>{word}</small>
      <span className="compare-side">{side.title}</span>
      {shown === undefined ? <p>{side.why}</p> : <p><FateLine name={shown.verdict} /> {shown.sentence}</p>}
      {branches.length > 1 && <Menu label={`Branch of ${word.toLowerCase()}`} className="pick" button={<>Branch {branch + 1} of {branches.length}<Icon name="down" /></>} items={items} />}
    </th>
  );
}

/** Equal steps before a difference from which on they are folded: one stays as where it starts from. */
const foldFrom = 3;

interface LinesProps { readonly lines: readonly ComparedLine[]; /** What of the hop these lines are. */ readonly from: number; readonly differs: number }

function Lines({ lines, from, differs }: LinesProps): ReactNode {
  return (
    <ol start={from + 1}>
      {lines.map(({ text, rule, change }, i) => (
        <li key={from + i} className={from + i === differs ? 'differs' : from + i < differs || differs < 0 ? 'same' : ''}>
          {from + i === differs && <span className="visually-hidden">Differs: </span>}
          {text}{change !== '' && <code>{change}</code>}{rule !== '' && <code>{rule}</code>}
        </li>
      ))}
    </ol>
  );
}

function HopCell({ hop, differs, lit }: { readonly hop: ComparedHop | null; readonly differs: number; readonly lit: boolean }): ReactNode {
  if (hop === null) return <td className="absent">It did not come here</td>;
  const folded = lit && differs >= foldFrom ? differs - 1 : 0;
  return (
    <td className={lit ? 'lit' : ''}>
      <b>{hop.place}{hop.answer ? ', the answer' : ''}</b>
      {folded > 0 && <details><summary>{folded} steps the same</summary><Lines lines={hop.lines.slice(0, folded)} from={0} differs={differs} /></details>}
      <Lines lines={hop.lines.slice(folded)} from={folded} differs={differs} />
    </td>
  );
}

function Rows({ rows, first }: { readonly rows: readonly ComparedRow[]; readonly first: number }): ReactNode {
  const [open, setOpen] = useState(false);
  const equal = first < 0 ? rows.length : first;
  const names = rows.slice(0, equal).map(({ before }) => before!.place).join(' → ');
  return (
    <tbody>
      {equal > 0 && (
        <tr className="equal"><td colSpan={2}>
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} />{equal === 1 ? '1 hop' : `${equal} hops`} the same: {names}</button>
        </td></tr>
      )}
      {rows.map(({ before, after, differs }, i) => (i >= equal || open) && (
        <tr key={i} className={i === first ? 'first' : ''} aria-label={i === first ? 'The first hop that differs' : undefined}>
          <HopCell hop={before} differs={differs} lit={i === first} /><HopCell hop={after} differs={differs} lit={i === first} />
        </tr>
      ))}
    </tbody>
  );
}

function rowsOf(before: Answer | null, after: Answer | null, [was, is]: readonly [number, number]): readonly ComparedRow[] {
  return alignHops(before === null ? [] : hopsToCompare(before, was), after === null ? [] : hopsToCompare(after, is));
}

function Traces({ before, after }: { readonly before: SideAnswer; readonly after: SideAnswer }): ReactNode {
  const [branches, setBranches] = useState<readonly [number, number]>(() => (before.answer && after.answer ? tellingBranches(before.answer.journey, after.answer.journey) : [0, 0]));
  const rows = useMemo(() => rowsOf(before.answer, after.answer, branches), [before, after, branches]);
  const first = rows.findIndex(({ differs }) => differs >= 0);
  const at = rows[first];
  const where = at?.before?.place ?? at?.after?.place;
  return (
    <>
      <output className="compare-sum">{first < 0 ? 'Both went the same way.' : before.answer === null || after.answer === null ? 'Only one side can be asked.' : `The ways part at ${where}${first === 0 ? '' : `, hop ${first + 1}`}.`}</output>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <section className="compare-body" tabIndex={0} aria-label="Both traces">
        <table>
          <thead><tr><Head side={before} word="Before" branch={branches[0]} choose={(i) => setBranches([i, branches[1]])} /><Head side={after} word="After" branch={branches[1]} choose={(i) => setBranches([branches[0], i])} /></tr></thead>
          <Rows rows={rows} first={first} />
        </table>
      </section>
    </>
  );
}

/** One question asked of two clusters: both traces side by side, what is equal folded, the first hop that differs lit in both. */
export function CompareDialog(): ReactNode {
  const { title, both, bothFailure } = useCompare();
  const change = useLayout((layout) => layout.change);
  const close = (): void => change({ dialog: null });
  return (
    <Modal label={`Before and after: ${title}`} className="compare" close={close}>
      <header><h1><Icon name="packet" />{title}</h1><button type="button" className="ib small" data-first aria-label="Close the comparison" title="Close" onClick={close}><Icon name="close" /></button></header>
      {bothFailure !== null ? <p>{bothFailure}</p> : both === null ? <p className="hint">Asking both…</p> : <Traces before={both.before} after={both.after} />}
    </Modal>
  );
}
