import { createHash } from 'node:crypto';
import { canonical } from '../store';
import type { PodTemplate } from './workload';

/** The letters of `rand.SafeEncodeString`: no vowels, so that no word comes out. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const spell = (bytes: Buffer, length: number): string =>
  Array.from(bytes.subarray(0, length), byte => ALPHABET[byte % ALPHABET.length]).join('');

/** Equal templates have equal hashes; what the hash itself adds to the labels does not count. */
export function hashTemplate(template: PodTemplate): string {
  const labels = { ...template.metadata.labels };
  Reflect.deleteProperty(labels, 'pod-template-hash');
  const text = canonical({ ...template, metadata: { ...template.metadata, labels } });
  return spell(createHash('sha256').update(text).digest(), 10);
}

/** The five letters at the end of a pod's name. */
export const suffixOf = (seed: string): string => spell(createHash('sha256').update(seed).digest(), 5);
