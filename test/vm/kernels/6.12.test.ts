/**
 * The kernel on which every case runs. Each kernel is a file of its own, so that two guests run side by side; vitest begins
 * with the largest file where it knows no durations, and this one takes longest.
 */
import { describeKernel } from '../describe-kernel.ts';

describeKernel('6.12', 'all');
