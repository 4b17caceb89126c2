import type { Container, Pod } from './workload';

/** How a container fares when a node tries to run it. */
export type Outcome =
  | {
      readonly kind: 'running';
      /** `repository@sha256:...`, as the node resolved the image. */
      readonly imageId: string;
      /** Until the readiness probe succeeds; `false`: it never does. */
      readonly readyAfterMs?: number | false;
    }
  | {
      readonly kind: 'image-missing';
      /** What the registry or the runtime said. */
      readonly message: string;
      /** Default ErrImagePull; InvalidImageName and ErrImageNeverPull are not tried again. */
      readonly reason?: 'ErrImagePull' | 'InvalidImageName' | 'ErrImageNeverPull';
    }
  | {
      readonly kind: 'crashed';
      readonly imageId: string;
      readonly exitCode: number;
      /** Default Error. */
      readonly reason?: 'Error' | 'OOMKilled' | 'Completed';
      readonly message?: string;
      readonly afterMs?: number;
      /** What `pods/log` answers. */
      readonly log?: string;
    };

/** Decides by what is true, such as whether a registry has the image; asked again at every restart. */
export type RunContainer = (container: Container, pod: Pod) => Promise<Outcome>;
