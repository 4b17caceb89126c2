import type { KeyObject } from 'node:crypto';
import { list, object, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';
import { isSignedBy, signBytes } from './keys';

/** Signed in-toto statements (secure-systems-lab/dsse, envelope.md and protocol.md). */
export const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';
export const STATEMENT_TYPE = 'application/vnd.in-toto+json';

const envelope = object({ payloadType: text, payload: text, signatures: list(object({ sig: text })) });

export function sealStatement(statement: Uint8Array, key: KeyObject): Uint8Array {
  const sig = Buffer.from(signBytes(encode(STATEMENT_TYPE, statement), key)).toString('base64');
  const payload = Buffer.from(statement).toString('base64');
  return Buffer.from(
    JSON.stringify({ payloadType: STATEMENT_TYPE, payload, signatures: [{ keyid: '', sig }] }),
  );
}

/** The statement in an envelope; nothing where the key has not signed it. */
export function openStatement(bytes: Uint8Array, key: KeyObject): Uint8Array | undefined {
  const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const { payloadType, payload, signatures } = parseWith(envelope, json, 'envelope of a statement');
  const statement = Buffer.from(payload, 'base64');
  const signed = encode(payloadType, statement);
  const isOurs = signatures.some(({ sig }) => isSignedBy(signed, Buffer.from(sig, 'base64'), key));
  return isOurs && payloadType === STATEMENT_TYPE ? statement : undefined;
}

/** DSSE's pre-authentication encoding: type and body cannot be mistaken for one another. */
const encode = (type: string, body: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body]);
