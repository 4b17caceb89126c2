export interface Config {
  /** What the portal knows of models: where their images are and where they run. */
  modelpier?: {
    /** Registries whose repositories catalog entities may name. No other host is ever asked. */
    registries?: Array<{
      /** As image references write it, with a port where there is one: `ghcr.io`. */
      host: string;
      username?: string;
      /** @visibility secret */
      password?: string;
      /** Plain HTTP; for registries on the machine itself. */
      insecure?: boolean;
      /** Hosts of token services that may get the password, besides the registry's own. */
      tokenRealms?: string[];
    }>;
    /**
     * Clusters that models run in; give one of `kubeconfig`, `url` and `inCluster`. Where this is left out,
     * those of the Kubernetes plugin (`kubernetes.clusterLocatorMethods`) are taken.
     */
    clusters?: Array<{
      /** As people call it; shown in the portal. */
      name: string;
      /** Path of a kubeconfig file. */
      kubeconfig?: string;
      /** Context of the kubeconfig; its current one by default. */
      context?: string;
      /** The cluster that the backend runs in, with the service account of its pod. */
      inCluster?: boolean;
      /** Address of the API server. */
      url?: string;
      /** Certificate authority of the API server: PEM in base64. */
      caData?: string;
      /** Path of a PEM file, instead of `caData`. */
      caFile?: string;
      /** Believes any certificate; for trying out only. */
      skipTLSVerify?: boolean;
      /** @visibility secret */
      serviceAccountToken?: string;
      /** Only these namespaces are read; all by default. */
      namespaces?: string[];
    }>;
    /** How often each source is collected, and how long one collection may take. */
    schedule?: {
      /** Cron, ISO 8601 duration, or object such as `{ minutes: 1 }`. */
      frequency?: object | string;
      timeout?: object | string;
      initialDelay?: object | string;
    };
    /** How allocation is counted. */
    allocation?: {
      /** What counts as a model's: `requests`, or `max`, of each pod the larger of request and use. */
      basis?: 'requests' | 'max';
      /** Takes what DaemonSets, static pods and kube-system request off T, and their containers out of N. */
      minusSystem?: boolean;
    };
    /** `spec.type` of the entities that are models; `ml-model` by default. */
    entityTypes?: string[];
    /** `github.com/acme/models` or `github.com/acme/*`: repositories whose workflows entities of other repositories may name. */
    workflowRepositories?: string[];
  };
}
