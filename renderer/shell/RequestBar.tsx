import type { ReactNode } from 'react';
import type { Offer } from '../../shared/api/shapes.ts';
import { commandFor, isMac, printChord } from '../state/keys.ts';
import { destinationsOf, findPlace, matchesPlace, shortName, sourcesOf, type Place } from '../state/places.ts';
import { isComplete, parsePort } from '../state/request-words.ts';
import { useWorld } from '../state/use-world.ts';
import type { Request } from '../state/world.ts';
import { Icon } from '../theme/Icon.tsx';
import { Combobox, type Choice } from './Combobox.tsx';
import { useLasting } from './use-lasting.ts';

const groups: Readonly<Record<Place['kind'], string>> = { pod: 'Pods', node: 'Nodes', service: 'Services', client: 'Outside', host: 'Outside', policy: 'Policies' };

const placeChoice = (place: Place): Choice => ({
  value: place.id,
  group: groups[place.kind],
  icon: <Icon name={place.icon} />,
  name: place.name,
  note: [place.namespace === 'default' ? '' : place.namespace, place.trouble].filter((word) => word !== '').join(', '),
  detail: place.address,
});

const asTyped = (typed: string): Choice => ({ value: typed.trim(), group: 'As typed', icon: <Icon name="arrow" />, name: typed.trim(), note: 'address or name', detail: '' });

function findPlaces(places: readonly Place[], typed: string): readonly Choice[] {
  const found = places.filter((place) => matchesPlace(place, typed)).toSorted((a, b) => rank(a, typed) - rank(b, typed));
  const choices = found.map(placeChoice);
  const text = typed.trim();
  return text === '' || found.some((place) => place.name === text || place.id === text) ? choices : [...choices, asTyped(text)];
}

// the exact name first, then names that begin so; the stable sort keeps the cluster's order within each
const rank = (place: Place, typed: string): number => (typed === '' ? 0 : place.name === typed ? 0 : place.name.startsWith(typed) ? 1 : 2);

const offerValue = ({ port, protocol }: Offer): string => `${port}/${protocol}`;

function portChoices(offers: readonly Offer[], typed: string): readonly Choice[] {
  const offered = offers.map((offer): Choice => ({
    value: offerValue(offer),
    group: 'Offered',
    icon: <Icon name="packet" />,
    name: `:${offer.port}`,
    note: offer.name,
    detail: offer.protocol.toUpperCase(),
  }));
  const ping: Choice = { value: 'ping', group: 'Other', icon: <Icon name="packet" />, name: 'Ping', note: 'no port', detail: 'ICMP' };
  const all = [...offered, ping];
  const text = typed.replace(/^:/, '').trim().toLowerCase();
  if (text === '') return all;
  const fits = all.filter((choice) => `${choice.value} ${choice.note} ${choice.name}`.toLowerCase().includes(text));
  const parsed = parsePort(text);
  if (parsed === null || parsed.port === null || fits.some((choice) => choice.value === text || choice.value === `${text}/tcp`)) return fits;
  const protocol = parsed.protocol ?? 'tcp';
  return [...fits, { value: `${parsed.port}/${protocol}`, group: 'As typed', icon: <Icon name="arrow" />, name: `:${parsed.port}`, note: 'not offered', detail: protocol.toUpperCase() }];
}

const portShown = ({ port, protocol }: Request): string => (protocol === 'icmp' ? 'ping' : port === null ? '' : `:${port} ${protocol.toUpperCase()}`);

function End({ which }: { readonly which: 'from' | 'to' }): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const id = useWorld((world) => world.request[which]);
  const choosing = useWorld((world) => world.choosing === (which === 'from' ? 'source' : 'destination'));
  const { chooseSource, chooseDestination } = useWorld((world) => world.actions);
  const place = findPlace(cluster, id);
  const places = cluster === null ? [] : which === 'from' ? sourcesOf(cluster) : destinationsOf(cluster);
  const label = which === 'from' ? 'From' : 'To';
  const noun = which === 'from' ? 'source' : 'destination';
  const choose = (value: string, leaving: boolean): void => {
    if (which === 'from') chooseSource(value);
    else chooseDestination(value);
    if (leaving) return;
    const { to } = useWorld.getState().request;
    document.getElementById(which === 'from' && to === '' ? 'request-to' : 'request-send')?.focus();
  };
  return (
    <div className={`end ${choosing ? 'choosing' : ''}`}>
      <Icon name={place?.icon ?? (which === 'from' ? 'pod' : 'service')} />
      <Combobox
        inputId={`request-${which}`}
        label={label}
        shown={place?.name ?? shortName(id)}
        value={id}
        placeholder={choosing ? `Click or type a ${noun}` : which === 'from' ? 'Source' : 'Destination'}
        find={(typed) => findPlaces(places, typed)}
        choose={choose}
      />
    </div>
  );
}

function PortField(): ReactNode {
  const request = useWorld((world) => world.request);
  const offers = useWorld((world) => world.offers);
  const { setRequest } = useWorld((world) => world.actions);
  const choose = (value: string): void => {
    const parsed = parsePort(value);
    if (parsed === null) return;
    setRequest({ port: parsed.protocol === 'icmp' ? null : parsed.port, protocol: parsed.protocol ?? 'tcp' });
  };
  return (
    <div className="end port">
      <Combobox inputId="request-port" className="mono" label="Port and protocol" shown={portShown(request)} value={request.protocol === 'icmp' ? 'ping' : `${request.port}/${request.protocol}`} placeholder=":port" find={(typed) => portChoices(offers, typed)} choose={choose} />
    </div>
  );
}

function hintOf(choosing: string, request: Request): string {
  // an empty field says so itself
  if (choosing === 'source') return request.from === '' ? '' : 'Click the new source';
  if (choosing === 'destination') return request.to === '' ? '' : 'Click the new destination';
  return '';
}

/** A component of its own: a question under way draws the fields beside it no second time, and one that is answered at once changes nothing here. */
function SendButton({ hint }: { readonly hint: string }): ReactNode {
  const complete = useWorld((world) => isComplete(world.request));
  const waiting = useLasting(useWorld((world) => world.asking));
  const chord = commandFor('Mod+Enter')?.keys[0] ?? '';
  return (
    <button type="submit" id="request-send" className="send" aria-disabled={!complete || waiting} aria-describedby={hint === '' ? undefined : 'request-hint'}>
      {waiting ? 'Asking…' : 'Send'} <kbd>{printChord(chord, isMac())}</kbd>
    </button>
  );
}

/** From → to, port and protocol, and Send. Clicking things on the map fills the same fields. */
export function RequestBar(): ReactNode {
  const hint = useWorld((world) => (world.opened === null ? '' : hintOf(world.choosing, world.request)));
  const { send } = useWorld((world) => world.actions);
  return (
    <form
      className="req"
      aria-label="Request"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <End which="from" />
      <span className="to" aria-hidden="true"><Icon name="arrow" /></span>
      <End which="to" />
      <PortField />
      <SendButton hint={hint} />
      {hint !== '' && <span className="req-hint" id="request-hint">{hint}</span>}
    </form>
  );
}
