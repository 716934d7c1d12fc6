/* watched N: writes N times to the eight bytes at 0x10000000 and reads them as often. */
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	int times = atoi(argv[argc - 1]);
	volatile long *cell = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (cell == MAP_FAILED)
		return 1;
	for (int i = 0; i < times; i++) {
		*cell = i;
		if (*cell != i)
			return 1;
	}
	return 0;
}
