export interface Config {
  catalog?: {
    providers?: {
      /** Models found in the clusters of `modelpier.clusters`, and in registries, become components of the catalog. */
      modelpier?: {
        /** Owner of the components; `group:default/unknown` by default. */
        owner?: string;
        /** Namespace of the components; `default` by default. */
        namespace?: string;
        /** `spec.type` of the components; `ml-model` by default. */
        entityType?: string;
        /** Registries of `modelpier.registries` that are looked through for models; none by default. */
        registries?: Array<{
          host: string;
          /** `acme/mnist`, or those that the registry lists: `acme/*`, `*`. */
          repositories: string[];
        }>;
        /** How long a model has to stay away before its component goes; `{ hours: 1 }` by default. */
        removeAfter?: { days?: number; hours?: number; minutes?: number; seconds?: number };
        schedule?: {
          /** Cron, ISO 8601 duration, or object such as `{ minutes: 5 }`. */
          frequency?: object | string;
          timeout?: object | string;
          initialDelay?: object | string;
        };
      };
    };
  };
}
