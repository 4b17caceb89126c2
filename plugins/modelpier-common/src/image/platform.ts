import { ModelpierError } from '../error';
import { type Decoded, object, optional, text } from '../parse/decoder';

/** What an image runs on (OCI image-spec, image-index.md). */
export const platform = object({ os: text, architecture: text, variant: optional(text) });
export type Platform = Decoded<typeof platform>;

export const formatPlatform = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, variant].filter(part => part !== undefined).join('/');

/** `linux/amd64`, `linux/arm64/v8`. */
export function parsePlatform(value: string): Platform {
  const match = /^([a-z0-9]+)\/([a-z0-9]+)(?:\/([a-z0-9.]+))?$/.exec(value);
  const [, os, architecture, variant] = match ?? [];
  if (os === undefined || architecture === undefined) {
    throw new ModelpierError('invalid-input', `${JSON.stringify(value)} is not a platform`, {
      hint: 'write os/architecture, such as linux/amd64 or linux/arm64',
    });
  }
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

/** Whether a machine of the wanted platform runs what is offered; no variant wanted takes any. */
export const platformMatches = (offered: Platform, wanted: Platform): boolean =>
  offered.os === wanted.os &&
  offered.architecture === wanted.architecture &&
  (wanted.variant === undefined || variantOf(offered) === wanted.variant);

/** arm64 is v8 where nobody says otherwise: most indexes leave it out. */
const variantOf = ({ architecture, variant }: Platform): string | undefined =>
  variant ?? (architecture === 'arm64' ? 'v8' : undefined);
