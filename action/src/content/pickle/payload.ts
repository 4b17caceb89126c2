import type { Machine } from './machine';
import { OPAQUE } from './value';

/** Names, types and keys; longer texts are data. */
const KEPT_TEXT = 1024;
/** No pickle that does anything is shorter. */
const SHORTEST_PICKLE = 8;

export function shortText(machine: Machine, length: number): void {
  const { cursor } = machine;
  if (length <= KEPT_TEXT) {
    machine.push(cursor.text(length, KEPT_TEXT));
    return;
  }
  cursor.skip(length);
  machine.push(OPAQUE);
}

/** Bytes; those that begin or end as a pickle does are remembered, to be looked into. */
export function payload(machine: Machine, length: number): void {
  const { cursor } = machine;
  const from = cursor.position;
  const head = cursor.peek(Math.min(length, KEPT_TEXT));
  if (length > cursor.left) throw machine.fault(`${length} bytes are said to follow`);
  const isPickle = head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5;
  if (length >= SHORTEST_PICKLE && (isPickle || head.includes('\n'))) machine.keepPayload({ from, length });
  cursor.skip(length);
  machine.push(
    machine.protocol < 3 && length <= KEPT_TEXT ? head.toString('latin1') : { kind: 'bytes', length },
  );
}
