/** A frame of these bytes. */
export function frame(...bytes: number[]): DataView {
  return new DataView(Uint8Array.from(bytes).buffer)
}

/** A frame in hex; spaces are left out. */
export function hexFrame(hex: string): DataView {
  return frame(...Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

/** What is left of a frame cut after each byte but the last: shortest first, the empty one included. */
export function truncations(whole: DataView): DataView[] {
  return Array.from(
    { length: whole.byteLength },
    (_, length) => new DataView(whole.buffer, whole.byteOffset, length),
  )
}
