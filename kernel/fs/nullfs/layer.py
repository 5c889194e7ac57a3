# SPDX-License-Identifier: BSD-2-Clause
"""What a layer keeps: mounts and nodes.  NetBSD sys/miscfs/genfs/layer.h, layer_subr.c."""

from weakref import WeakValueDictionary

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.mount import Mount
from kernel.sys.vnode import VV_FIXEDNAMES, Vnode, VnodeOps


@dataclass(slots=True, eq=False)
class LayerNode:
    """A file of the layer: another vnode for a file below it (struct layer_node)."""

    layer_lowervp: Vnode


@dataclass(slots=True, eq=False)
class LayerMount:
    """A mounted layer (struct layer_mount)."""

    layerm_vnodeops: VnodeOps
    layerm_lowervp: Vnode  # the directory that is shown
    layerm_rootvp: Vnode | None = None
    layerm_nodes: "WeakValueDictionary[Vnode, Vnode]" = field(  # by the vnode below
        default_factory=WeakValueDictionary
    )


def layer_node_create(mp: Mount, lowervp: Vnode) -> Vnode:
    """Return the layer's vnode for a file below it, the same one as long as anybody has it."""
    lmp: LayerMount = mp.mnt_data
    vp = lmp.layerm_nodes.get(lowervp)
    if vp is None:
        flags = lowervp.v_vflag & VV_FIXEDNAMES
        node = LayerNode(lowervp)
        vp = Vnode(lowervp.v_type, mp, lmp.layerm_vnodeops, node, lowervp.v_rdev, flags)
        lmp.layerm_nodes[lowervp] = vp
    return vp


def lower(vp: Vnode) -> Vnode:
    """Return the vnode below the layer's (LAYERVPTOLOWERVP)."""
    node: LayerNode = vp.v_data
    return node.layer_lowervp
