// The lint rules of this repository, which oxlint.config.mjs loads.
import { retiredNames } from './retired-names.mjs';

/** Events reach their listeners only after a commit, so nothing may publish or deliver them in another way. */
const publishAfterCommit = {
  create(context) {
    const report = (node, message) => context.report({ node, message });
    return {
      CallExpression(node) {
        const {
          callee,
          arguments: [first],
        } = node;
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        const method = callee.property.name;
        if (method === 'publish' && !(first?.type === 'Identifier' && first.name === 'tx'))
          report(node, 'Publish within the transaction that changes the data: events.publish(tx, kind, audience).');
        if (method === 'afterCommit' && !(callee.object.type === 'Identifier' && callee.object.name === 'tx'))
          report(node, 'Call tx.afterCommit of the transaction that Transactions.run made.');
        if (method === 'deliverEvent')
          report(node, 'Only src/events delivers events; everybody else calls events.publish(tx, kind, audience).');
        if (method === 'transaction')
          report(node, 'Use Transactions.run, which retries deadlocks and runs what was given to tx.afterCommit.');
      },
      Literal(node) {
        if (typeof node.value === 'string' && /\bpg_notify\b|^\s*notify\b/i.test(node.value))
          report(node, 'Only src/events sends NOTIFY; publish an event instead.');
      },
    };
  },
};

/** The retired names of retired-names.mjs may not be declared again. The use of a library's name is no declaration. */
const noRetiredNames = {
  create(context) {
    const check = (name) => {
      const found = name?.type === 'Identifier' && retiredNames.find(({ pattern }) => pattern.test(name.name));
      if (found) context.report({ node: name, message: `"${name.name}" is a retired name: ${found.instead}.` });
    };
    const ofId = ({ id }) => check(id);
    const ofKey = ({ key }) => check(key);
    return {
      ClassDeclaration: ofId,
      FunctionDeclaration: ofId,
      TSInterfaceDeclaration: ofId,
      TSTypeAliasDeclaration: ofId,
      VariableDeclarator: ofId,
      MethodDefinition: ofKey,
      PropertyDefinition: ofKey,
      TSPropertySignature: ofKey,
      TSMethodSignature: ofKey,
    };
  },
};

export default {
  meta: { name: 'rostra' },
  rules: { 'publish-after-commit': publishAfterCommit, 'no-retired-names': noRetiredNames },
};
