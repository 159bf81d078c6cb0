/* island.ts - what the loader and its islands know of each other. */
/* The whole body of another answer of this server, in place of the present one. */
export type Show = (html: string) => void

export interface Island {
  start(element: HTMLElement, show: Show): void
}
