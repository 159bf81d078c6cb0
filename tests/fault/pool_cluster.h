/* pool_cluster.h - a PostgreSQL of one's own for the tests that stop, stall and kill it. */
#ifndef JB_POOL_CLUSTER_H
#define JB_POOL_CLUSTER_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

struct cluster {
    char dir[64];
    char as_user[32]; /* "runuser -u postgres -- " when we are root, whom PostgreSQL refuses */
    char conninfo[160];
};

/* Runs a shell command with PostgreSQL's programs on the path; its exit status. */
static int cluster_sh(const struct cluster *cluster, const char *command)
{
    char line[1024];

    snprintf(line, sizeof(line),
             "%senv PATH=\"$(pg_config --bindir):$PATH\" sh -c '%s' >>%s/log 2>&1",
             cluster->as_user, command, cluster->dir);
    return system(line);
}

static int cluster_start(const struct cluster *cluster)
{
    char command[512];

    snprintf(command, sizeof(command),
             "pg_ctl -D %s/data -s -w -l %s/server.log -o \"-k %s -h \\\"\\\" -c fsync=off "
             "-c max_connections=40 -c deadlock_timeout=50ms\" start",
             cluster->dir, cluster->dir, cluster->dir);
    return cluster_sh(cluster, command);
}

/* `mode` is fast or immediate. */
static int cluster_stop(const struct cluster *cluster, const char *mode)
{
    char command[256];

    snprintf(command, sizeof(command), "pg_ctl -D %s/data -s -w -m %s stop", cluster->dir, mode);
    return cluster_sh(cluster, command);
}

/* Sends a signal to every process of the server. */
static int cluster_signal(const struct cluster *cluster, const char *signal)
{
    char command[256];

    snprintf(command, sizeof(command),
             "p=$(head -1 %s/data/postmaster.pid); kill -%s $p $(ps -o pid= --ppid $p)",
             cluster->dir, signal);
    return cluster_sh(cluster, command);
}

/* How many lines of the server's log hold the text. */
static int cluster_says(const struct cluster *cluster, const char *text)
{
    char path[96], line[1024];
    int found = 0;

    snprintf(path, sizeof(path), "%s/server.log", cluster->dir);
    FILE *log = fopen(path, "r");
    while (log && fgets(line, sizeof(line), log))
        found += strstr(line, text) != NULL;
    if (log)
        fclose(log);
    return found;
}

static int cluster_new(struct cluster *cluster)
{
    char command[256];

    memset(cluster, 0, sizeof(*cluster));
    snprintf(cluster->dir, sizeof(cluster->dir), "/tmp/jb-pool-XXXXXX");
    if (!mkdtemp(cluster->dir))
        return -1;
    if (geteuid() == 0) {
        snprintf(cluster->as_user, sizeof(cluster->as_user), "runuser -u postgres -- ");
        snprintf(command, sizeof(command), "chown postgres %s", cluster->dir);
        if (system(command) != 0)
            return -1;
    }
    snprintf(cluster->conninfo, sizeof(cluster->conninfo), "host=%s user=tester dbname=postgres",
             cluster->dir);
    snprintf(command, sizeof(command),
             "initdb -D %s/data -U tester -A trust --no-sync -E UTF8 "
             "--locale=C >%s/initdb.log",
             cluster->dir, cluster->dir);
    return cluster_sh(cluster, command) == 0 ? cluster_start(cluster) : -1;
}

static void cluster_free(const struct cluster *cluster)
{
    char command[128];

    cluster_signal(cluster, "CONT");
    cluster_stop(cluster, "immediate");
    snprintf(command, sizeof(command), "rm -rf %s", cluster->dir);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove '%s'\n", cluster->dir);
}

#endif
