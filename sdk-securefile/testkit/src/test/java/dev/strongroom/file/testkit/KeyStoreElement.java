// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.testkit.ForwardingTransport;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.simulator.SimulatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An element with a key store of two managed keys, under which it makes and unwraps file keys
 * (docs/spec/element-protocol.md, 2.4 and 2.5); for everything else the simulated one. Closing it
 * leaves that one open.
 */
final class KeyStoreElement extends ForwardingTransport implements InProcessElement {

  static final Bytes KEY_ID = filled(0xA1);
  static final Bytes OTHER_KEY_ID = filled(0xA2);

  private static final Map<Bytes, SecretBytes> KEYS =
      Map.of(
          KEY_ID, SecretBytes.copyOf(new byte[32]),
          OTHER_KEY_ID, SecretBytes.copyOf(SampleBytes.of(1, 32)));

  private final SimulatedElement inner;

  /** How often each intent was met, with file keys that were there. */
  final Map<ManagedFileKey.Intent, AtomicInteger> intents = new ConcurrentHashMap<>();

  final AtomicInteger created = new AtomicInteger();

  KeyStoreElement(SimulatedElement inner) {
    super(inner);
    this.inner = inner;
  }

  private static Bytes filled(int value) {
    byte[] bytes = new byte[16];
    Arrays.fill(bytes, (byte) value);
    return Bytes.copyOf(bytes);
  }

  @Override
  public ElementCommands openChannel() throws StrongroomException {
    ElementCommands commands = inner.openChannel();
    return (ElementCommands)
        Proxy.newProxyInstance(
            ElementCommands.class.getClassLoader(),
            new Class<?>[] {ElementCommands.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("grub")) {
                return grub(commands, (Bytes) arguments[0], requests(arguments[1]));
              }
              if (method.getName().equals("pageGrub")) {
                GrubRequest file = (GrubRequest) arguments[1];
                ManagedFileKey key = file.fileKey();
                if (key != null) {
                  try (SecretBytes fileKey = unwrap(key)) {
                    return Grub.pages(
                        fileKey,
                        (Bytes) arguments[0],
                        file,
                        (long) arguments[2],
                        (int) arguments[3]);
                  }
                }
              }
              try {
                return method.invoke(commands, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private static List<GrubRequest> requests(Object argument) {
    List<GrubRequest> requests = new ArrayList<>();
    for (Object each : (List<?>) argument) {
      requests.add((GrubRequest) each);
    }
    return requests;
  }

  private List<Grub> grub(ElementCommands commands, Bytes volume, List<GrubRequest> requests)
      throws StrongroomException {
    List<Grub> answers = new ArrayList<>();
    for (GrubRequest request : requests) {
      ManagedFileKey key = request.fileKey();
      answers.add(
          key == null
              ? commands.grub(volume, List.of(request)).get(0)
              : key.wrapped() == null
                  ? create(commands, volume, request, key)
                  : existing(commands, volume, request, key));
    }
    return answers;
  }

  private Grub create(
      ElementCommands commands, Bytes volume, GrubRequest request, ManagedFileKey key)
      throws StrongroomException {
    created.incrementAndGet();
    Bytes rnd = request.rnd();
    GrubRequest file =
        GrubRequest.existing(
            request.uid(),
            rnd != null ? rnd : Bytes.copyOf(commands.challenge(16)),
            request.epoch());
    try (SecretBytes fileKey = SecretBytes.adopt(commands.challenge(32));
        SecretBytes random = SecretBytes.adopt(commands.challenge(32));
        Grub pair = Grub.of(fileKey, volume, file, random)) {
      Bytes wrapped = AesKeyWrap.wrap(managed(key), fileKey);
      return new Grub(
          pair.rnd(), pair.enc().copy(), pair.sig().copy(), pair.randomness().copy(), wrapped);
    }
  }

  private Grub existing(
      ElementCommands commands, Bytes volume, GrubRequest request, ManagedFileKey key)
      throws StrongroomException {
    try (SecretBytes fileKey = unwrap(key);
        SecretBytes random = SecretBytes.adopt(commands.challenge(32))) {
      return Grub.of(fileKey, volume, request, random);
    }
  }

  private SecretBytes unwrap(ManagedFileKey key) throws StrongroomException {
    intents.computeIfAbsent(key.intent(), each -> new AtomicInteger()).incrementAndGet();
    Bytes wrapped = key.wrapped();
    if (wrapped == null) {
      throw new AssertionError("pages without a file key");
    }
    return AesKeyWrap.unwrap(managed(key), wrapped)
        .orElseThrow(
            () -> new StatusWordException(ElementProtocol.INS_GRUB, StatusWord.WRONG_DATA));
  }

  private static SecretBytes managed(ManagedFileKey key) throws StrongroomException {
    SecretBytes managed = KEYS.get(key.keyId());
    if (managed == null) {
      throw new StatusWordException(ElementProtocol.INS_GRUB, StatusWord.REFERENCE_NOT_FOUND);
    }
    return managed;
  }

  int intents(ManagedFileKey.Intent intent) {
    AtomicInteger count = intents.get(intent);
    return count == null ? 0 : count.get();
  }

  @Override
  public void close() {}

  @Override
  public Transport exposed() {
    return inner.exposed();
  }
}
