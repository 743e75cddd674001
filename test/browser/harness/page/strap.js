// The least page that pairs a strap: the harness is tried on it, so that a failing test of the app means the app.
const { document, navigator } = globalThis

const show = (id, text) => {
  document.getElementById(id).textContent = text
}

let device

async function connect() {
  const server = await device.gatt.connect()
  const heart = await server.getPrimaryService('heart_rate')
  const measurement = await heart.getCharacteristic('heart_rate_measurement')
  measurement.addEventListener('characteristicvaluechanged', () => {
    show('frame', Array.from(new Uint8Array(measurement.value.buffer)).join(' '))
  })
  await measurement.startNotifications()
  const battery = await server.getPrimaryService('battery_service')
  const level = await (await battery.getCharacteristic('battery_level')).readValue()
  show('battery', level.getUint8(0))
  show('state', 'live')
}

async function attempt(work) {
  try {
    await work()
  } catch (error) {
    show('state', error.name)
  }
}

document.getElementById('pair').addEventListener('click', () =>
  attempt(async () => {
    device = await navigator.bluetooth.requestDevice({
      filters: [{ services: ['heart_rate'] }],
      optionalServices: ['battery_service'],
    })
    device.addEventListener('gattserverdisconnected', () => show('state', 'disconnected'))
    await connect()
  }),
)
document.getElementById('reconnect').addEventListener('click', () => attempt(connect))
