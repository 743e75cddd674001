import type { en } from './en.ts'

export const ar: typeof en = {
  none: 'لا أشياء بعد. أضف مستشعرًا، أو حركة هذا الهاتف، أو مستشعرًا محاكى.',
  onThisDevice: (blocks, bytes) => `${blocks}، ${bytes} على هذا الجهاز`,
  thisDevicesId: 'معرّف هذا الجهاز',
  simulatedRoom: 'غرفة محاكاة',

  noReading: 'لا قراءة بعد',
  battery: 'البطارية',
  readMore: 'متابعة القراءة',
  reconnect: 'إعادة الاتصال',
  fromPeer: 'من نظير',

  noValues: 'لا قيم بعد.',
  noReadings: 'لا قراءات في هذه المدة.',
  reading: 'جارٍ القراءة…',
  newestReadings: 'أحدث القراءات',
  newestFirst: 'أحدث القراءات، الأحدث أولًا',
  time: 'الوقت',
  what: 'ماذا',
  value: 'القيمة',

  thisBrowser: 'هذا المتصفح',
  otherSensors: 'مستشعرات أخرى',
  capabilities: {
    'Sensors that only broadcast can be heard, such as Ruuvi, BTHome and caps on tyres':
      'يمكن سماع المستشعرات التي تبث فقط، مثل Ruuvi وBTHome وأغطية صمامات الإطارات',
    'This browser does not hear what Bluetooth sensors broadcast; Chrome does once “Experimental Web Platform features” is on at chrome://flags':
      'لا يسمع هذا المتصفح ما تبثه مستشعرات Bluetooth؛ يسمعه Chrome إذا فُعّل خيار “Experimental Web Platform features” في chrome://flags',
    'This browser cannot read motion: use a phone': 'لا يستطيع هذا المتصفح قياس الحركة: استخدم هاتفًا',
    'Motion can be read, if this device has a sensor for it':
      'يمكن قياس الحركة إن كان في هذا الجهاز مستشعر لها',
    'This browser cannot read which way it is held: use a phone':
      'لا يعرف هذا المتصفح كيف يُمسَك الجهاز: استخدم هاتفًا',
    'Heading and tilt can be read, if this device has sensors for them':
      'يمكن قياس الاتجاه والميل إن كانت في هذا الجهاز مستشعرات لهما',
    'This browser does not read light, as nearly all do not; Chrome on Android does once “Generic Sensor Extra Classes” is on at chrome://flags':
      'لا يقيس هذا المتصفح الضوء، شأنه شأن معظم المتصفحات؛ يقيسه Chrome على Android إذا فُعّل خيار “Generic Sensor Extra Classes” في chrome://flags',
    'Light can be read, if this device has a sensor for it': 'يمكن قياس الضوء إن كان في هذا الجهاز مستشعر له',
    'This browser does not say where it is: use another': 'لا يقول هذا المتصفح أين هو: استخدم غيره',
    'Location can be read, rounded to about a kilometre': 'يمكن قراءة الموقع مقرّبًا إلى نحو كيلومتر',
    'This browser cannot use a microphone: use another':
      'لا يستطيع هذا المتصفح استخدام الميكروفون: استخدم غيره',
    'The sound level can be estimated with a microphone, and no sound is kept':
      'يمكن تقدير مستوى الصوت بالميكروفون، ولا يُحفظ أي صوت',
    'The battery of this device can be read': 'يمكن قراءة بطارية هذا الجهاز',
    'This page did not come over a secure connection: open it by https, or on localhost':
      'لم تصل هذه الصفحة عبر اتصال آمن: افتحها عبر https أو على localhost',
    'Bluetooth sensors can be paired': 'يمكن إقران مستشعرات Bluetooth',
    'Bluetooth is off or missing: turn it on to pair a sensor':
      'Bluetooth متوقف أو غير موجود: شغّله لإقران مستشعر',
    'This browser cannot use a camera: use another': 'لا يستطيع هذا المتصفح استخدام الكاميرا: استخدم غيره',
    'QR codes can be read with a camera; for bar codes use Chrome on Android':
      'يمكن قراءة رموز QR بالكاميرا؛ وللرموز الشريطية استخدم Chrome على Android',
    'QR and bar codes can be read with a camera': 'يمكن قراءة رموز QR والرموز الشريطية بالكاميرا',
    'Chrome on Linux has Web Bluetooth once “Experimental Web Platform features” is on at chrome://flags':
      'يدعم Chrome على Linux ميزة Web Bluetooth إذا فُعّل خيار “Experimental Web Platform features” في chrome://flags',
    'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone':
      'iPhone: لا يدعم Safari ميزة Web Bluetooth؛ استخدم Bluefy أو أقرن المستشعر بهاتف آخر',
    'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device':
      'iPad: لا يدعم Safari ميزة Web Bluetooth؛ استخدم Bluefy أو أقرن المستشعر بجهاز آخر',
    'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone':
      'لا يدعم Firefox ميزة Web Bluetooth؛ استخدم Chrome أو Edge، أو أقرن المستشعر بهاتف آخر',
    'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone':
      'لا يدعم هذا المتصفح ميزة Web Bluetooth؛ استخدم Chrome أو Edge، أو أقرن المستشعر بهاتف آخر',
    'Serial devices can be read over Bluetooth; by cable only with a new Chrome, so a computer is safer':
      'يمكن قراءة الأجهزة التسلسلية عبر Bluetooth؛ أما بالسلك فبإصدار حديث من Chrome فقط، فالحاسوب أضمن',
    'Serial devices can be read: receivers, readers, meters and boards on a USB or serial cable':
      'يمكن قراءة الأجهزة التسلسلية: المستقبلات والقارئات والعدّادات واللوحات الموصولة بسلك USB أو سلك تسلسلي',
    'This phone cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says':
      'لا يستطيع هذا الهاتف قراءة سلك تسلسلي: استخدم Chrome أو Edge على حاسوب، أو أضف ملفًا بما يقوله الجهاز',
    'This browser cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says':
      'لا يستطيع هذا المتصفح قراءة سلك تسلسلي: استخدم Chrome أو Edge على حاسوب، أو أضف ملفًا بما يقوله الجهاز',
    'iPhone: no browser reads its battery': 'iPhone: لا متصفح يقرأ بطاريته',
    'iPad: no browser reads its battery': 'iPad: لا متصفح يقرأ بطاريته',
    'Firefox does not read the battery; use Chrome or Edge':
      'لا يقرأ Firefox البطارية؛ استخدم Chrome أو Edge',
    'This browser does not read the battery; use Chrome or Edge':
      'لا يقرأ هذا المتصفح البطارية؛ استخدم Chrome أو Edge',
  },
}
