import {
  count,
  type Decoded,
  list,
  ModelpierError,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Endpoints } from './endpoints';

/** `SigningConfig` v0.2 (sigstore/protobuf-specs, sigstore_trustroot.proto): the services of a sigstore instance. */
const service = object({
  url: text,
  majorApiVersion: count,
  validFor: optional(object({ start: optional(text), end: optional(text) })),
});
const services = optional(list(service));
const config = object({ mediaType: text, caUrls: list(service), rekorTlogUrls: services, tsaUrls: services });
type Service = Decoded<typeof service>;

const MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';
/** Entries of Rekor 2 cannot be kept with a signature under a tag. */
const API_VERSION = 1;

export function parseSigningConfig(json: unknown, { now }: { readonly now: number }): Endpoints {
  const { mediaType, caUrls, rekorTlogUrls = [], tsaUrls = [] } = parseWith(config, json, 'signing-config');
  if (mediaType !== MEDIA_TYPE) throw refusal(`it is not of type ${MEDIA_TYPE}`);
  const fulcioUrl = choose(caUrls, now);
  const [rekorUrl, tsaUrl] = [choose(rekorTlogUrls, now), choose(tsaUrls, now)];
  if (fulcioUrl === undefined) throw refusal('it has no certificate authority that is served and valid now');
  if (rekorUrl === undefined && tsaUrl === undefined) {
    throw refusal('it has neither a log (of Rekor 1) nor a timestamp authority that is valid now');
  }
  return { fulcioUrl, rekorUrl, tsaUrl };
}

/** The first that fits: "all listed services should be sorted, with the newest first". */
const choose = (among: readonly Service[], now: number): string | undefined =>
  among.find(
    ({ url, majorApiVersion, validFor: { start, end } = {} }) =>
      majorApiVersion === API_VERSION &&
      isPrivate(url) &&
      isBefore(start, now) &&
      (end === undefined || now < Date.parse(end)),
  )?.url;

/** A token of identity is sent there: by HTTPS, or without leaving the machine. */
const isPrivate = (url: string): boolean => {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname ?? ''));
};
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const isBefore = (time: string | undefined, now: number): boolean =>
  time === undefined || Date.parse(time) <= now;

const refusal = (reason: string): ModelpierError =>
  new ModelpierError('invalid-input', `signing-config: ${reason}`, {
    hint: 'give the signing_config.v0.2.json of your sigstore instance',
  });
