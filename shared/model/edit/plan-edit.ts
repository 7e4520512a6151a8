import type { Problem } from '../../base/problem.ts';
import type { Result } from '../../base/result.ts';
import { addObject, duplicate, expose } from './add-edits.ts';
import { changes, refuse, type EditContext } from './context.ts';
import { deleteObjectEdit } from './delete-edit.ts';
import { connectService, setLabels, setSelector } from './label-edits.ts';
import { cordon, drain } from './node-edits.ts';
import { allow, deny } from './policy-edits.ts';
import { crash, movePod, setReady, setTerminating } from './pod-edits.ts';
import { changeFault, faultEdit, setPodNetwork, setProxyMode, setSandbox } from './sandbox-edits.ts';
import { setIngressBackend, setService } from './service-edits.ts';
import { scale } from './workload-edits.ts';
import type { ClusterEdit, EditPlan } from './types.ts';

/** Which changes of the manifests' text an edit comes to, or the question that a person must answer first. Pure; refused with a Problem where the edit cannot be. */
export function planEdit(context: EditContext, edit: ClusterEdit): Result<EditPlan, Problem> {
  switch (edit.kind) {
    case 'move-pod': return movePod(context, edit);
    case 'set-ready': return setReady(context, edit);
    case 'set-terminating': return setTerminating(context, edit);
    case 'crash': return crash(context, edit);
    case 'scale': return scale(context, edit);
    case 'delete-object': return deleteObjectEdit(context, edit);
    case 'set-proxy-mode': return setProxyMode(context, edit);
    case 'set-pod-network': return setPodNetwork(context, edit);
    case 'set-sandbox': return setSandbox(context, edit);
    case 'set-fault': return changeFault(context, edit.fault, edit.on);
    case 'cut-link':
    case 'restore-link':
    case 'cut-route':
    case 'restore-route':
    case 'stop-node':
    case 'start-node':
    case 'stop-kube-proxy':
    case 'start-kube-proxy': return faultEdit(context, edit);
    case 'edit-yaml': return changes(edit.text === null ? `Delete ${edit.document}` : `Edit ${edit.document}`, [{ kind: 'text', file: edit.document, text: edit.text }]);
    case 'set-labels': return setLabels(context, edit);
    case 'set-selector': return setSelector(context, edit);
    case 'connect-service':
    case 'disconnect-service': return connectService(context, edit);
    case 'duplicate': return duplicate(context, edit);
    case 'cordon': return cordon(context, edit);
    case 'drain': return drain(context, edit);
    case 'set-service': return setService(context, edit);
    case 'set-ingress-backend': return setIngressBackend(context, edit);
    case 'allow': return allow(context, edit);
    case 'deny': return deny(context, edit);
    case 'expose': return expose(context, edit);
    case 'add-object': return addObject(context, edit);
    case 'set-layout':
    case 'arrange':
    case 'fold':
    case 'group-pods':
    case 'tidy-layout': return refuse('no-text', 'places on the canvas stand in no manifest');
  }
}
