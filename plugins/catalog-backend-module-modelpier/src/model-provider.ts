import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EntityProvider, EntityProviderConnection } from '@backstage/plugin-catalog-node';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { intervalOf } from './interval';
import { modelComponents } from './model-component';
import { type OpenSource, openSources } from './open-sources';
import type { ProviderConfig } from './provider-config';
import { Sightings } from './sightings';

interface ModelProviderDeps {
  readonly logger: LoggerService;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A round may come late; where a whole one is missing, another replica of the backend had it. */
const MOST_INTERVALS = 1.5;

/** Gives the catalog a component for each model that some cluster serves or some registry keeps. */
export class ModelProvider implements EntityProvider {
  readonly #sources: readonly OpenSource[];
  readonly #sightings: Sightings;
  #connection: EntityProviderConnection | undefined;

  constructor(
    private readonly config: ProviderConfig,
    private readonly deps: ModelProviderDeps,
  ) {
    this.#sources = openSources(config);
    this.#sightings = new Sightings({
      graceMs: config.removeAfterMs,
      mostGapMs: (intervalOf(config.schedule) ?? Infinity) * MOST_INTERVALS,
    });
  }

  getProviderName(): string {
    return 'modelpier';
  }

  connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    return Promise.resolve();
  }

  /** Looks at every source; what one that fails had stays. */
  async refresh({ signal }: Waiting = {}): Promise<void> {
    const now = this.deps.now();
    await Promise.all(this.#sources.map(source => this.#look(source, { now, signal })));
    const entities = modelComponents(this.#sightings.list(), this.config).map(entity => ({
      entity,
      locationKey: this.getProviderName(),
    }));
    await this.#connection?.applyMutation(
      this.#sightings.isSettled(this.#sources, now)
        ? { type: 'full', entities }
        : { type: 'delta', added: entities, removed: [] },
    );
  }

  async #look(source: OpenSource, { now, signal }: { readonly now: number } & Waiting): Promise<void> {
    const about = `Models of ${source.kind} ${source.name}`;
    this.#sightings.begin(source, now);
    try {
      const findings = await source.look(now, { signal });
      this.#sightings.note(source, findings, now);
      if (findings.trouble !== undefined) this.deps.logger.warn(`${about}: ${findings.trouble}`);
    } catch (error) {
      this.deps.logger.warn(`${about} could not be read: ${String(error)}`);
    }
  }
}
