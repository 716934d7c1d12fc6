/* readfile N SIZE: writes 4000 bytes to a file `known-name` in memory, reads SIZE bytes from its start N times, prints `done`. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char bytes[4000];
	int count = argc > 1 ? atoi(argv[1]) : 1;
	int size = argc > 2 ? atoi(argv[2]) : 777;
	int fd = open("/dev/shm/known-name", O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		return 1;
	for (int i = 0; i < count; i++)
		if (lseek(fd, 0, SEEK_SET) != 0 || read(fd, bytes, size) != size)
			return 1;
	unlink("/dev/shm/known-name");
	puts("done");
	return 0;
}
