/** The module adds no configuration of its own: it reads `modelpier` as the backend plugin does. */
export interface Config {}
