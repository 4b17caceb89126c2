import { Refusal } from '../answer';
import type { Profile } from '../profile';

/** A registry of before distribution-spec 1.1, such as docker-registry 2.8. */
export const withoutReferrers = (status = 404): Profile => ({
  prepare: exchange => {
    if (exchange.url.pathname.includes('/referrers/')) throw new Refusal(status, 'NOT_FOUND', 'no such page');
    return exchange;
  },
  change: (_, answer) => {
    const { 'oci-subject': subject, ...headers } = answer.headers ?? {};
    return subject === undefined ? answer : { ...answer, headers };
  },
});
