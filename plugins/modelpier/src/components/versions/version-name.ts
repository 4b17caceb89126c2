import { shortDigest, type Version } from '@modelpier/backstage-plugin-modelpier-common';

/** As people call it: its version, else its newest tag, else its digest. */
export const versionName = ({ version, tags, digest }: Version): string =>
  version ?? tags[0] ?? shortDigest(digest);
