// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time, in nanoseconds; only differences mean something. */
final class ProcessorTime {

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTime() {}

  /** Of all threads of this process, those of the JVM included; possibly in steps of 10 ms. */
  static long ofProcess() {
    return PROCESS.getProcessCpuTime();
  }

  /** Of this thread; its wall clock where the JVM cannot tell. */
  static long ofThread() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
