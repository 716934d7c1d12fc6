/** One or two cases of each probe kind on the other kernels, one guest after the other. */
import { describeKernel } from './describe-kernel.ts';

describeKernel('5.10', 'smoke');
describeKernel('6.1', 'smoke');
describeKernel('7.2', 'smoke');
describeKernel('arm64-6.12', 'smoke');
describeKernel('running', 'smoke');
