/*
 * Calls with values that a tracer must see: COUNT times a mapping of 0x7000 bytes of /etc/passwd at 0x123450000000 from
 * page 3 on, and a socket option that is passed on by a pointer in a struct. Prints that pointer.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	static int one = 1;
	int count = argc > 1 ? atoi(argv[1]) : 1;
	int file = open("/etc/passwd", O_RDONLY);
	int s = socket(AF_INET, SOCK_STREAM, 0);

	for (int i = 0; i < count; i++) {
		void *at = mmap((void *)0x123450000000, 0x7000, PROT_READ, MAP_PRIVATE, file, 0x3000);
		if (at == MAP_FAILED || munmap(at, 0x7000) != 0)
			return 1;
		if (setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0)
			return 1;
	}
	printf("option at 0x%lx\n", (unsigned long)&one);
	return 0;
}
