import type { ReactNode } from 'react';
import type { Packet } from '../../shared/dataplane/packet.ts';
import { destinationOf, describeL4, sourceOf } from '../scene/labels.ts';

function Row({ name, before, after }: { readonly name: string; readonly before: string | null; readonly after: string }): ReactNode {
  if (before === null || before === after) return <><dt>{name}</dt><dd>{after}</dd></>;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <s><span className="visually-hidden">was </span>{before}</s>
        <ins><span className="visually-hidden">is now </span>{after}</ins>
      </dd>
    </>
  );
}

/** The packet's header: where it changed, the old value struck through and the new one under it. */
export function HeaderChange({ packet, before }: { readonly packet: Packet; readonly before: Packet | undefined }): ReactNode {
  const { outer } = packet;
  return (
    <dl className="hd" aria-label={`Header, ${describeL4(packet.l4)}`}>
      {outer !== undefined && <Row name={outer.kind} before={null} after={`${outer.src} → ${outer.dst}`} />}
      <Row name="src" before={before === undefined ? null : sourceOf(before)} after={sourceOf(packet)} />
      <Row name="dst" before={before === undefined ? null : destinationOf(before)} after={destinationOf(packet)} />
    </dl>
  );
}
