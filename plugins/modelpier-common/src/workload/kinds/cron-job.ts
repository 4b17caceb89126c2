import type { Status } from '../status';
import { verdict } from '../verdict';

/** Its runs are yet to come. */
export const cronJobHealth = (): Status => verdict('Current', 'Scheduled', 'it runs when its time comes');
