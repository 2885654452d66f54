export HDFS_DATANODE_OPTS="-Xmx1024m"
export HDFS_NAMENODE_OPTS="-Xmx2048m"
# /data/1
# /data/2
