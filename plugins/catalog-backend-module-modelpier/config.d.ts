export interface Config {
  catalog?: {
    providers?: {
      /** Models found in the clusters of `modelpier.clusters` become components of the catalog. */
      modelpier?: {
        /** Owner of the components; `group:default/unknown` by default. */
        owner?: string;
        /** Namespace of the components; `default` by default. */
        namespace?: string;
        /** `spec.type` of the components; `ml-model` by default. */
        entityType?: string;
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
