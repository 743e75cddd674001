/** An event target that also calls its `on…` properties, as the platform's own WebRTC objects do. */
export class HandlerTarget extends EventTarget {
  override dispatchEvent(event: Event): boolean {
    const proceed = super.dispatchEvent(event)
    const handler: unknown = Reflect.get(this, `on${event.type}`)
    if (typeof handler === 'function') handler.call(this, event)
    return proceed
  }
}

/** An event of `type` that carries `properties`, as `datachannel` carries `channel`. */
export function eventWith<T extends object>(type: string, properties: T): Event & T {
  return Object.assign(new Event(type), properties)
}
