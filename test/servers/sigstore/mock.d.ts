/** What is used of sigstore's mock; its own types import a package that it does not bring. */
declare module '@sigstore/mock/dist/fulcio/ca' {
  import type { KeyPairKeyObjectResult } from 'node:crypto';
  import type { CTLog } from '@sigstore/mock/dist/fulcio/ctlog';
  export interface CA {
    readonly rootCertificate: ArrayBufferView;
  }
  export function initializeCA(keys: KeyPairKeyObjectResult, log?: CTLog): Promise<CA>;
}

declare module '@sigstore/mock/dist/fulcio/ctlog' {
  import type { KeyPairKeyObjectResult } from 'node:crypto';
  export interface CTLog {
    readonly publicKey: Buffer;
  }
  export function initializeCTLog(keys: KeyPairKeyObjectResult): Promise<CTLog>;
}

declare module '@sigstore/mock/dist/fulcio/handler' {
  import type { CA } from '@sigstore/mock/dist/fulcio/ca';
  import type { Handler } from '@sigstore/mock/dist/shared.types';
  export function fulcioHandler(ca: CA, options: { readonly subjectClaim: string }): Handler;
}

declare module '@sigstore/mock/dist/rekor/tlog' {
  import type { KeyPairKeyObjectResult } from 'node:crypto';
  export interface TLog {
    readonly publicKey: Buffer;
    log(entry: object): Promise<object>;
  }
  export function initializeTLog(url: string, keys: KeyPairKeyObjectResult): Promise<TLog>;
}

declare module '@sigstore/mock/dist/timestamp/tsa' {
  import type { KeyPairKeyObjectResult } from 'node:crypto';
  export interface TSA {
    readonly rootCertificate: ArrayBufferView;
    readonly intCertificate: ArrayBufferView;
    getCurrentTime: () => Date;
  }
  export function initializeTSA(keys: KeyPairKeyObjectResult): Promise<TSA>;
}

declare module '@sigstore/mock/dist/timestamp/handler' {
  import type { Handler } from '@sigstore/mock/dist/shared.types';
  import type { TSA } from '@sigstore/mock/dist/timestamp/tsa';
  export function tsaHandler(tsa: TSA): Handler;
}

declare module '@sigstore/mock/dist/shared.types' {
  export interface Handler {
    readonly path: string;
    fn(body: string): Promise<{
      readonly statusCode: number;
      readonly response: string | ArrayBufferView;
      readonly contentType?: string;
    }>;
  }
}
