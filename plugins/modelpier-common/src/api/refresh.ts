import { type Decoded, list, object, text } from '../parse/decoder';
import { sources } from './source';

/** `started` names the sources that are being read now; the others were read a moment ago. */
export const refreshAnswer = object({ started: list(text), sources });
export type RefreshAnswer = Decoded<typeof refreshAnswer>;
